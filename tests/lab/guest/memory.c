/*
 * The memory worker. A page holds its number and generation, a checksum of its body, and the
 * body. The generation that a page should have is kept apart from the page, so that a page
 * which a migration carried over in an old state is noticed, not only a torn one.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "pulse.h"

enum { HEADER = 2, BODY = PAGE / 8 - HEADER, SWEEP_US = 5000000, SHORTEST_SLICE_US = 10000, LONGEST_SLICE_US = 50000 };

static struct page {
    uint64_t identity, sum, body[BODY];
} *pages;
static uint32_t *generations;
static int64_t slice_us; /* half a tick: who ticks seldom wakes up seldom, too, and leaves an emulated host's processor to others */
static uint64_t working, total; /* pages: dirtied ones first, then the static ones */
static uint64_t state = 88172645463325252ull;

static uint64_t identity(uint64_t number) { return number << 32 | generations[number]; }

static void verify(uint64_t number)
{
    const struct page *page = &pages[number];
    uint64_t sum = checksum(page->body, BODY);
    if (page->identity == identity(number) && page->sum == sum)
        return;
    if (atomic_fetch_add(&counters.memory_corrupt, 1) < 20)
        say("M page=%llu identity=%llx wanted=%llx sum=%llx wanted=%llx", (unsigned long long)number,
            (unsigned long long)page->identity, (unsigned long long)identity(number),
            (unsigned long long)page->sum, (unsigned long long)sum);
}

static void touch(uint64_t number)
{
    struct page *page = &pages[number];
    verify(number);
    long words = options.bytes / 8;
    if (words > BODY)
        words = BODY;
    uint64_t start = words < BODY ? generations[number] % (BODY - words) : 0;
    for (long i = 0; i < words; i++) {
        uint64_t fresh = random_word(&state);
        page->sum += fresh - page->body[start + i];
        page->body[start + i] = fresh;
    }
    generations[number]++;
    page->identity = identity(number);
    atomic_fetch_add_explicit(&counters.pages_touched, 1, memory_order_relaxed);
}

static long current_rate(int64_t elapsed)
{
    bool second = options.period > 0 && elapsed / 1000000 / options.period % 2 == 1;
    return second ? options.rate2 : options.rate;
}

/* Looks at every page once in SWEEP_US, whether anybody touches it or not. */
static void sweep_some(void)
{
    static uint64_t next;
    for (uint64_t left = total * slice_us / SWEEP_US + 1; left > 0 && total > 0; left--) {
        verify(next);
        if (++next == total) {
            next = 0;
            atomic_fetch_add(&counters.memory_sweeps, 1);
        }
    }
}

static void dirty_some(int64_t started, int64_t deadline)
{
    static uint64_t sequential;
    static double owed;
    long rate = current_rate(now_us() - started);
    owed += (double)rate * PAGES_PER_MIB * slice_us / 1000000;
    uint64_t todo = (uint64_t)owed;
    owed -= (double)todo;
    if (rate < 0) /* as fast as possible */
        todo = UINT64_MAX, owed = 0;
    for (uint64_t i = 0; i < todo && working > 0; i++) {
        touch(options.random_order ? random_word(&state) % working : sequential++ % working);
        if (i % 64 == 63 && now_us() >= deadline) {
            owed = 0; /* more than this vCPU can do: do not pile it up */
            break;
        }
    }
}

_Noreturn static void *work(void *unused)
{
    (void)unused;
    int64_t started = now_us(), next = started;
    for (;;) {
        next += slice_us;
        if (next < now_us())
            next = now_us() + slice_us;
        dirty_some(started, next);
        sweep_some();
        sleep_until_us(next);
    }
}

void memory_start(void)
{
    working = (uint64_t)options.ws * PAGES_PER_MIB;
    total = working + (uint64_t)options.fixed * PAGES_PER_MIB;
    state ^= (uint64_t)now_us();
    slice_us = options.tick * 1000 / 2;
    if (slice_us < SHORTEST_SLICE_US)
        slice_us = SHORTEST_SLICE_US;
    if (slice_us > LONGEST_SLICE_US)
        slice_us = LONGEST_SLICE_US;
    pages = mmap(NULL, total * PAGE + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    generations = calloc(total + 1, sizeof *generations);
    if (pages == MAP_FAILED || !generations) {
        say("E no memory for ws=%ld and static=%ld", options.ws, options.fixed);
        return;
    }
    for (uint64_t i = 0; i < total; i++) {
        fill(pages[i].body, BODY, &state);
        pages[i].sum = checksum(pages[i].body, BODY);
        pages[i].identity = identity(i);
    }
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, NULL))
        say("E no memory thread");
}
