/* Reads pulse.KEY=VALUE from the command line of the kernel. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
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

/* One of QEMU's firmware configuration entries, of at most so many bytes. */
static void firmware_entry(uint16_t entry, void *into, size_t length)
{
    outw(entry, 0x510);
    for (unsigned char *byte = into; length > 0; length--)
        *byte++ = inb(0x511);
}

/* The command line as QEMU has it now, which is not the one that the kernel booted with where the guest was restored since. */
static void line_read(void)
{
    enum { LENGTH = 0x14, TEXT = 0x15 };
    uint32_t length = 0;
    line[0] = ' '; /* so that every key has a space before it */
    firmware_entry(LENGTH, &length, sizeof length);
    if (length > sizeof line - 2)
        length = sizeof line - 2;
    firmware_entry(TEXT, line + 1, length);
    line[length + 1] = 0;
}

void options_wait(void)
{
    if (iopl(3))
        printf("pulse: no access to QEMU's firmware configuration: %s\n", strerror(errno));
    line_read();
    if (!text("hold"))
        return;
    say("HELD");
    do {
        usleep(5000);
        line_read();
    } while (text("hold"));
}

void options_read(void)
{
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
