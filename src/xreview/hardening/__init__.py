"""Guards that every room uses: which program may run, which text deceives, what is a key."""
