"""What every family's models compute with: parameters traced or not, steps in time, threads, compiled kernels."""
