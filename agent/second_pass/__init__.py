"""After the call: the recording is heard again and read again; what the call missed reaches a nurse."""
