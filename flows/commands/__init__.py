"""The command line, one module a subject: what people type is read here, and the services do the rest."""
