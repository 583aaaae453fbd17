"""FHIR R4: a bundle of Patient, Encounter, Condition and Procedure → what it says of patients."""
