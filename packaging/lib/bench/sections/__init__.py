"""What is measured. A section is a function of a Run that yields rows."""

from .commands import commands, lists
from .crowd import crowd
from .daemon import daemon
from .files import files
from .kernel import kernel
from .life import create, life
from .network import network
from .patch import patch
from .scale import scale

SECTIONS = {
    "kernel": kernel,
    "create": create,
    "life": life,
    "commands": commands,
    "lists": lists,
    "crowd": crowd,
    "files": files,
    "network": network,
    "patch": patch,
    "daemon": daemon,
    "scale": scale,
}
