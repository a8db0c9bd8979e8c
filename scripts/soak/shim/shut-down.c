/*
 * Shuts a mounted file system down as a power cut would: nothing that it still holds in memory is written any
 * more, its own journal included. Right before, it says so.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SHUT_DOWN _IOR('X', 125, unsigned int) /* EXT4_IOC_SHUTDOWN */
#define WITHOUT_FLUSHING_THE_JOURNAL 2

int main(int count, char **words) {
  unsigned int how = WITHOUT_FLUSHING_THE_JOURNAL;
  int folder = count == 2 ? open(words[1], O_RDONLY) : -1;
  static const char last_words[] = "shutdown\n";
  if (folder < 0 || write(1, last_words, sizeof last_words - 1) < 0) perror("shut-down");
  if (folder >= 0 && ioctl(folder, SHUT_DOWN, &how) == 0) return 0;
  perror("shut-down");
  return 1;
}
