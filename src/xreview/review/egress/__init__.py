"""What may leave the machine: who may be sent code, and which lines are withheld."""
