/* Time, noise and checksums, for the workers. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <time.h>

#include "pulse.h"

int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

void sleep_until_us(int64_t when)
{
    struct timespec t = { .tv_sec = when / 1000000, .tv_nsec = when % 1000000 * 1000 };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

uint64_t random_word(uint64_t *state) /* xorshift64; the state must not be 0 */
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

void fill(uint64_t *words, size_t count, uint64_t *state)
{
    size_t length = strlen(options.marker);
    char *bytes = (char *)words;
    if (length == 0)
        for (size_t i = 0; i < count; i++)
            words[i] = random_word(state);
    else
        for (size_t i = 0; i < count * sizeof *words; i++)
            bytes[i] = options.marker[i % length];
}

uint64_t checksum(const uint64_t *words, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += words[i];
    return sum;
}
