/*
 * stamp IN OUT: copies every line that is appended to a file in the directory IN to the file of
 * the same name in OUT, behind the time of its arrival (CLOCK_MONOTONIC, microseconds, 15 digits).
 * A space follows the time; a '~' instead says that the line is older, because it was already
 * there when this program started. The prefix has a fixed width, so that a restarted program can
 * tell from the two sizes how far the last one came.
 *
 * stamp --now: prints the time of that clock.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PREFIX = 16, CHUNK = 65536, REST_US = 500 };

struct log {
    struct log *next;
    char name[256];
    int in, out;
    size_t pending; /* bytes of an unfinished line in buffer */
    char buffer[CHUNK];
};

static struct log *logs;
static const char *in_directory, *out_directory;

static long long now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written <= 0)
            return; /* a full disk must not end the watch */
        bytes += written;
        length -= (size_t)written;
    }
}

/* Sets the reading position behind what an earlier run has stamped. */
static void resume(struct log *log)
{
    char bytes[CHUNK];
    off_t size = 0, lines = 0;
    ssize_t length;
    while ((length = pread(log->out, bytes, sizeof bytes, size)) > 0) {
        for (ssize_t i = 0; i < length; i++)
            lines += bytes[i] == '\n';
        size += length;
    }
    lseek(log->in, size - lines * PREFIX, SEEK_SET);
}

static struct log *log_of(const char *name)
{
    struct log *log = logs;
    while (log && strcmp(log->name, name))
        log = log->next;
    if (log)
        return log;
    log = calloc(1, sizeof *log);
    if (!log)
        return NULL;
    char path[4096];
    snprintf(log->name, sizeof log->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s", in_directory, name);
    log->in = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "%s/%s", out_directory, name);
    log->out = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log->in < 0 || log->out < 0) {
        if (log->in >= 0)
            close(log->in);
        if (log->out >= 0)
            close(log->out);
        free(log);
        return NULL;
    }
    resume(log);
    log->next = logs;
    return logs = log;
}

static void forget(const char *name)
{
    for (struct log **link = &logs; *link; link = &(*link)->next)
        if (!strcmp((*link)->name, name)) {
            struct log *log = *link;
            *link = log->next;
            close(log->in);
            close(log->out);
            free(log);
            return;
        }
}

static void copy(struct log *log, long long when, char mark)
{
    ssize_t length;
    while ((length = read(log->in, log->buffer + log->pending, CHUNK - log->pending)) > 0) {
        char out[PREFIX + CHUNK];
        char *line = log->buffer, *end = log->buffer + log->pending + length, *newline;
        while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
            size_t size = (size_t)(newline - line) + 1;
            snprintf(out, sizeof out, "%015lld%c", when, mark);
            memcpy(out + PREFIX, line, size);
            write_all(log->out, out, PREFIX + size);
            line = newline + 1;
        }
        log->pending = (size_t)(end - line);
        memmove(log->buffer, line, log->pending);
        if (log->pending == CHUNK)
            log->pending = 0; /* no line is that long: not ours */
    }
}

static void copy_what_is_there(void)
{
    DIR *directory = opendir(in_directory);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        struct log *log = entry->d_type == DT_REG ? log_of(entry->d_name) : NULL;
        if (log)
            copy(log, now_us(), '~');
    }
    if (directory)
        closedir(directory);
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--now"))
        return printf("%lld\n", now_us()) < 0;
    if (argc != 3) {
        fprintf(stderr, "usage: stamp IN OUT | stamp --now\n");
        return 1;
    }
    in_directory = argv[1];
    out_directory = argv[2];
    int watch = inotify_init1(IN_CLOEXEC);
    if (inotify_add_watch(watch, in_directory, IN_MODIFY | IN_DELETE | IN_MOVED_FROM) < 0) {
        fprintf(stderr, "stamp: cannot watch %s: %s\n", in_directory, strerror(errno));
        return 1;
    }
    copy_what_is_there();

    _Alignas(struct inotify_event) char events[16384];
    for (ssize_t length; (length = read(watch, events, sizeof events)) > 0 || errno == EINTR;) {
        long long when = now_us();
        for (char *at = events; at < events + length;) {
            struct inotify_event *event = (struct inotify_event *)at;
            at += sizeof *event + event->len;
            if (event->mask & IN_Q_OVERFLOW)
                copy_what_is_there();
            else if (event->mask & (IN_DELETE | IN_MOVED_FROM))
                forget(event->name);
            else if (event->len > 0) {
                struct log *log = log_of(event->name);
                if (log)
                    copy(log, when, ' ');
            }
        }
        usleep(REST_US); /* many guests: let their lines come together */
    }
    return 0;
}
