/*
 * pulse: PID 1 of a lab guest. It keeps memory and disks busy, checks everything it wrote
 * whenever it reads it again, and prints a numbered tick so that an observer on the host can
 * tell how long the guest stood still and whether anything was lost. README.md explains the lines.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "pulse.h"

struct counters counters;

/* What lines go through, and what a guest with the same disks and cards, but other contents, may find otherwise. */
static const char *const first_modules[] = {
    "virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci", "virtio_console", NULL,
};
static const char *const other_modules[] = { "virtio_blk", "failover", "net_failover", "virtio_net", NULL };

static void load_modules(const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        char path[64];
        snprintf(path, sizeof path, "/modules/%s.ko", names[i]);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue; /* built into this kernel */
        if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
            printf("pulse: module %s: %s\n", names[i], strerror(errno));
        close(fd);
    }
}

static void mount_system(void)
{
    mkdir("/proc", 0755);
    mkdir("/dev", 0755);
    mkdir("/sys", 0755);
    mount("none", "/dev", "devtmpfs", 0, 0);
    mount("none", "/proc", "proc", 0, 0);
    mount("none", "/sys", "sysfs", 0, 0);
    int console = open("/dev/ttyS0", O_RDWR | O_NOCTTY);
    for (int fd = 0; console >= 0 && fd <= 2; fd++)
        dup2(console, fd);
    setvbuf(stdout, NULL, _IOLBF, 512);
}

/* The tick must not wait for a busy memory thread, also on one vCPU. */
static void run_first(void)
{
    struct sched_param priority = { .sched_priority = 10 };
    if (syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &priority)) /* musl's own wrapper does nothing */
        say("W no real-time priority: %s", strerror(errno));
}

static void tick_forever(unsigned long boot)
{
    const int64_t period = options.tick * 1000;
    int64_t next = now_us();
    for (unsigned long sequence = 1;; sequence++) {
        int64_t now = now_us();
        say("T %lu b=%lx us=%lld pg=%lu mc=%lu sw=%lu dw=%lu dr=%lu dc=%lu de=%lu", sequence, boot,
            (long long)now, counters.pages_touched, counters.memory_corrupt, counters.memory_sweeps,
            counters.disk_writes, counters.disk_reads, counters.disk_corrupt, counters.disk_errors);
        next += period;
        if (next < now)
            next = now + period; /* after a standstill go on at the usual pace, no burst */
        sleep_until_us(next);
    }
}

int main(void)
{
    mount_system();
    load_modules(first_modules);
    channel_open();
    options_wait();
    load_modules(other_modules);
    options_read();

    /* The clock of the host in seconds: two boots of a guest cannot have the same one. */
    unsigned long boot = (unsigned long)time(NULL);
    memory_start();
    int disks = disks_start();
    say("UP b=%lx ws=%ld static=%ld rate=%ld disks=%d us=%lld", boot, options.ws, options.fixed,
        options.rate, disks, (long long)now_us());
    run_first();
    tick_forever(boot);
}
