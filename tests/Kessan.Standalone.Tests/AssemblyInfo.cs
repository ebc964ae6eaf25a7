// Each test starts real processes, and some measure how long they take to stop: side by side they would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
