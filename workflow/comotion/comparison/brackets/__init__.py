"""Brackets of V_SCE side by side."""
