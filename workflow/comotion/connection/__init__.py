"""The adiabatic connection: from weak coupling to the transport limit, and what lies between."""
