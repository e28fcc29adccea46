"""The same network learned by pulses on several fitted devices, and what each of their faults costs."""
