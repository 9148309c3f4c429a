"""The certificate: bounds of V_SCE from below (Kantorovich duality) and above (better plans)."""
