"""10.slerp written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def with_where(z0, z1, t):
    cosine = (F.normalize(z0, dim=-1) * F.normalize(z1, dim=-1)).sum(dim=-1, keepdim=True)
    omega = torch.acos(cosine.clamp(-1, 1))
    sine = torch.sin(omega)
    safe = torch.where(sine < 1e-6, torch.ones_like(sine), sine)
    curved = torch.sin((1 - t) * omega) / safe * z0 + torch.sin(t * omega) / safe * z1
    return torch.where(sine < 1e-6, (1 - t) * z0 + t * z1, curved)


def row_by_row(z0, z1, t):
    if z0.dim() == 2:
        return torch.stack([row_by_row(a, b, t) for a, b in zip(z0, z1, strict=True)])
    cosine = torch.dot(z0, z1) / (z0.norm() * z1.norm())
    if cosine > 1 - 1e-9:
        return torch.lerp(z0, z1, t)
    omega = torch.arccos(cosine)
    return (torch.sin((1 - t) * omega) * z0 + torch.sin(t * omega) * z1) / torch.sin(omega)


def by_sinc(z0, z1, t):
    """sin(tω)/sin(ω) as a quotient of two sincs, which knows its limit at 0."""
    u0, u1 = z0 / z0.norm(dim=-1, keepdim=True), z1 / z1.norm(dim=-1, keepdim=True)
    omega = 2 * torch.atan2((u0 - u1).norm(dim=-1, keepdim=True), (u0 + u1).norm(dim=-1, keepdim=True))

    def share(s):
        return s * torch.sinc(s * omega / torch.pi) / torch.sinc(omega / torch.pi)

    return share(1 - t) * z0 + share(t) * z1


VARIANTS = (with_where, row_by_row, by_sinc)
