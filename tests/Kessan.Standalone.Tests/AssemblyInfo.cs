// Each test starts real processes, and some measure how long they take to stop: side by side they would measure each other.
using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)]
