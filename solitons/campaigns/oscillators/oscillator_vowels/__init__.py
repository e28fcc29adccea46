"""Vowels in the synchronisation of coupled oscillators: training, accuracy, and what it is compared with."""
