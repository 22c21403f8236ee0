/* Reads pulse.KEY=VALUE from the kernel command line. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pulse.h"

struct options options;

static char line[4096];

static const char *text(const char *key)
{
    char pattern[64];
    snprintf(pattern, sizeof pattern, " pulse.%s=", key);
    const char *found = strstr(line, pattern);
    return found ? found + strlen(pattern) : NULL;
}

static long number(const char *key, long otherwise)
{
    const char *value = text(key);
    return value ? strtol(value, NULL, 10) : otherwise;
}

void options_read(void)
{
    int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
    line[0] = ' '; /* so that every key has a space before it */
    ssize_t length = fd < 0 ? 0 : read(fd, line + 1, sizeof line - 2);
    line[length > 0 ? length + 1 : 1] = 0;
    if (fd >= 0)
        close(fd);

    options.ws = number("ws", 32);
    options.fixed = number("static", 0);
    options.rate = number("rate", 8);
    options.rate2 = number("rate2", options.rate);
    options.period = number("period", 0);
    options.bytes = number("bytes", 16);
    options.tick = number("tick", 10);
    options.diskrate = number("diskrate", 0);
    options.diskspan = number("diskspan", 16);
    const char *pattern = text("pattern");
    options.random_order = pattern && !strncmp(pattern, "rand", 4);
    const char *marker = text("marker");
    if (marker)
        snprintf(options.marker, sizeof options.marker, "%.*s", (int)strcspn(marker, " \n"), marker);
}
