// Connections belong to the process, and each test connects its own.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
