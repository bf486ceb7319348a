// What glibc says of its memory; Swift's own module of it leaves this header out.
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
