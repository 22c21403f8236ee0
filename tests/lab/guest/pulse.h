/* Shared by the files of pulse, the program that runs as PID 1 of a lab guest. */
#ifndef PULSE_H
#define PULSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGE = 4096, PAGES_PER_MIB = 256 };

/* What the command line asks for; see README.md for the meaning of each key. */
struct options {
    long ws, fixed, rate, rate2, period, bytes, tick, diskrate, diskspan;
    bool random_order;
    char marker[64];
};

/* What the worker threads have seen so far; the tick line prints it. */
struct counters {
    atomic_ulong pages_touched, memory_corrupt, memory_sweeps;
    atomic_ulong disk_writes, disk_reads, disk_corrupt, disk_errors;
};

extern struct options options;
extern struct counters counters;

void options_read(void);

/* Returns once the command line does not ask to be held. */
void options_wait(void);

void channel_open(void);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
int64_t now_us(void);
void sleep_until_us(int64_t when);
uint64_t random_word(uint64_t *state);

/* Fills words with the marker, or with noise if there is none. */
void fill(uint64_t *words, size_t count, uint64_t *state);
uint64_t checksum(const uint64_t *words, size_t count);

void memory_start(void);
int disks_start(void);

#endif
