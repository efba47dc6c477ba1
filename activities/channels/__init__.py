"""Ways a message leaves the system. Adding one changes nothing else."""
