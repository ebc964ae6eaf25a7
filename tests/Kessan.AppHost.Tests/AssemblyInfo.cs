// The system is started as a whole, on its fixed ports too: one at a time.
using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)]
