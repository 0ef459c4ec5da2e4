// What the Glibc module of Swift leaves out of the C library: the settings of its heaps.
#include <malloc.h>
