"""The board: at which stage each request stands, and by whose recorded act it came there."""
