# Input, in order of arrival: TIME live|late HOST T SEQ b=BOOT us=.. KEY=VALUE ..
# Prints one JSON object about the guest's latest boot.

function value(key,    i) {
    for (i = 6; i <= NF; i++)
        if (index($i, key "=") == 1) return substr($i, length(key) + 2)
    return 0
}

{
    boot = value("b")
    if (!(boot in boots)) { boots[boot] = 1; boot_count++ }
    # Boots are times in hexadecimal of the same length, so they compare as text.
    if (boot "" > latest "") { latest = boot; forget() }
    if (boot != latest || $5 + 0 < since) next
    take($5 + 0, $1 + 0, $2 == "late", $3)
}

function forget() {
    delete seen
    ticks = duplicated = disordered = gap = last = arrived = 0
    first = ""
}

function take(sequence, time, late, host) {
    ticks++
    if (sequence in seen) duplicated++
    else if (!late && sequence < last) disordered++
    seen[sequence] = 1
    if (first == "" || sequence < first) first = sequence
    if (!late) {
        if (arrived && time - arrived > gap) { gap = time - arrived; gap_end = sequence }
        arrived = time
        heard[host] = time
    }
    if (sequence >= last) {
        last = sequence
        host_of_last = host
        memory = value("mc"); disk = value("dc"); errors = value("de")
        writes = value("dw"); reads = value("dr"); sweeps = value("sw"); pages = value("pg")
    }
}

END {
    if (first == "") { print "lab: no ticks (yet)" >"/dev/stderr"; exit 1 }
    for (host in heard)
        if (now - heard[host] < 1000000) ticking = ticking (ticking == "" ? "" : ",") "\"" host "\""
    distinct = ticks - duplicated
    printf "{\"first\":%d,\"last\":%d,\"lost\":%d,\"duplicated\":%d,\"outOfOrder\":%d,\"maxGapMs\":%.1f,\"maxGapBeforeTick\":%d,", \
        first, last, last - first + 1 - distinct, duplicated, disordered, gap / 1000, gap_end
    printf "\"corruptMemory\":%d,\"corruptDisk\":%d,\"diskErrors\":%d,\"diskWrites\":%d,\"diskReads\":%d,\"memorySweeps\":%d,\"pagesTouched\":%d,", \
        memory, disk, errors, writes, reads, sweeps, pages
    printf "\"hostOfLast\":\"%s\",\"hostsTicking\":[%s],\"running\":%s,\"boots\":%d}\n", \
        host_of_last, ticking, (ticking == "" ? "false" : "true"), boot_count
}
