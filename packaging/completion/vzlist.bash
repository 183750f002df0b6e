# Loaded when vzlist is completed first; all five programs share one function.
. "${BASH_SOURCE[0]%/*}/lamina.bash"
