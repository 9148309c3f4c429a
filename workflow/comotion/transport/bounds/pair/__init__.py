"""The pair bound: a lower bound of V_SCE from an inequality for two electrons."""
