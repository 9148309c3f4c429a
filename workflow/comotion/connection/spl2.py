"""SPL2, an interpolation of the Hartree-Fock adiabatic connection.

``W_c = W - m_1 / sqrt(1 + b_1 lambda) - m_2 / sqrt(1 + b_2 lambda)`` with
``W = alpha W_inf + (beta - 1) E_x``, where W_inf is that of the point-charge-plus-continuum model.
m_1 and b_1 follow from W_c = 0 and W'_c = 2 E_c^MP2 at 0; alpha, beta, m_2 and b_2 were fitted to
interaction energies of molecules. W is not the exact end E_el + E_x
(`comotion.connection.hartree_fock`), and m_2 is an energy: two equal fragments far from one
another have not twice the energy of one. Reference: T. J. Daas, E. Fabiano, F. Della Sala,
P. Gori-Giorgi, S. Vuckovic, J. Phys. Chem. Lett. 12, 4867 (2021); constants as in the first
author's program kappa-SPL2.
"""

import math

_ALPHA, _BETA = 1.1472, -0.7397
#: m_2, hartree, and b_2.
_M_2, _B_2 = 10.68, 0.117


def spl2_curve(exchange: float, second_order: float, w_pc: float, coupling: float) -> float:
    """W_c at a coupling.

    Args:
        exchange: E_x of the Hartree-Fock determinant, hartree.
        second_order: E_c^MP2, hartree.
        w_pc: W_inf of the Hartree-Fock density by the point-charge-plus-continuum model, hartree.
        coupling: lambda, from 0 on.

    Returns:
        W_c(lambda), hartree.
    """
    end, m_1, b_1 = _parameters(exchange, second_order, w_pc)
    return end - m_1 / math.sqrt(1 + b_1 * coupling) - _M_2 / math.sqrt(1 + _B_2 * coupling)


def spl2_correlation(exchange: float, second_order: float, w_pc: float) -> float:
    """The integral of the curve over lambda from 0 to 1, E - E_HF.

    Args:
        exchange: E_x of the Hartree-Fock determinant, hartree.
        second_order: E_c^MP2, hartree.
        w_pc: W_inf of the Hartree-Fock density by the point-charge-plus-continuum model, hartree.

    Returns:
        The correlation energy, hartree.
    """
    end, m_1, b_1 = _parameters(exchange, second_order, w_pc)
    return end - 2 * m_1 / (math.sqrt(1 + b_1) + 1) - 2 * _M_2 / (math.sqrt(1 + _B_2) + 1)


def _parameters(exchange: float, second_order: float, w_pc: float) -> tuple[float, float, float]:
    """W, m_1 and b_1."""
    end = _ALPHA * w_pc + (_BETA - 1) * exchange
    m_1 = end - _M_2
    return end, m_1, (4 * second_order - _B_2 * _M_2) / m_1
