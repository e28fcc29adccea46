"""How many patterns a memory holds: what campaigns of memories share, of oscillators and of threshold neurons."""
