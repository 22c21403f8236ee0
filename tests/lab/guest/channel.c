/*
 * Where lines go: a virtio-serial port, because QEMU hands its host file a whole line in one
 * write and never splits a line between two hosts, as a serial port does when a migration
 * stops the guest in the middle of one. Without the port, the console.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pulse.h"

static int channel = 1;
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

void channel_open(void)
{
    /* The port appears some milliseconds after its driver is loaded. */
    for (int tries = 0; tries < 200; tries++) {
        glob_t ports; /* the first number in the name depends on the guest's other devices */
        if (!glob("/dev/vport*", 0, NULL, &ports)) {
            /* Not blocking, because a blocking write spins in the kernel until the host has read. */
            channel = open(ports.gl_pathv[0], O_WRONLY | O_NONBLOCK | O_CLOEXEC);
            globfree(&ports);
            if (channel >= 0)
                return;
            channel = 1;
        }
        usleep(5000);
    }
    printf("pulse: no virtio-serial port, lines go to the console\n");
}

void say(const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof text - 2)
        length = sizeof text - 2;
    text[length++] = '\n';

    pthread_mutex_lock(&one_at_a_time);
    while (write(channel, text, length) < 0 && (errno == EAGAIN || errno == EINTR))
        usleep(1000);
    pthread_mutex_unlock(&one_at_a_time);
}
