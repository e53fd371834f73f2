"""The words of the product as frozen types: pure, synchronous, standard library only."""
