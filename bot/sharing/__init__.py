"""Who shares in what licences bring: rules written before, statements, and what people choose."""
