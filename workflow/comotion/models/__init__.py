"""Soluble and model problems, one module each with ``solve(...) -> Solution``.

Densities are probability densities here, int rho = 1, unless a function says otherwise.
"""

#: The problems by the names of their modules, and what each is about.
PROBLEMS = {
    "line": "particles on a line",
    "antipodal": "two particles with a radial density",
    "two_sites": "k particles on two sites",
    "representability": "a pair density that is not k-representable",
    "infinite": "infinitely many particles",
    "mean_field_limit": "many particles, towards the mean field",
    "semiclassical": "two particles on a line, from quantum mechanics to transport",
    "radial_semiclassical": "two electrons in space, from quantum mechanics to transport",
    "three_particles": "three particles on a line, from quantum mechanics to transport",
    "smoothing": "smoothed plans as bounds above the quantum functional",
    "plans_not_maps": "optimal plans that are no maps",
    "pair_bound": "a bound from an inequality for two electrons, on a sphere and on shells",
    "meeting_electrons": "why the co-motion plan is not optimal where two electrons meet",
}
