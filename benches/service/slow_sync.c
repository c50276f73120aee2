/* A disk whose sync takes SLOW_SYNC_MS longer: preloaded into the benchmark's child process. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int slow(const char *name, int fd) {
  const char *ms = getenv("SLOW_SYNC_MS");
  struct timespec pause = {0, ms ? atol(ms) * 1000000 : 0};
  nanosleep(&pause, 0);
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  return real(fd);
}

int fsync(int fd) { return slow("fsync", fd); }
int fdatasync(int fd) { return slow("fdatasync", fd); }
