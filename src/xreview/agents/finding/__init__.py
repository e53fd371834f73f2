"""Which agents this machine has, and where their traffic goes."""
