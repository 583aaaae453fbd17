"""Reads one utterance: findings with status, numbers, alarms. Pure: no clock, no network, no Rasa."""
