using BenchmarkDotNet.Running;
using Kessan.Benchmarks.Layer2;

// "l2" measures over a real Redis in a way that a microbenchmark cannot; everything else is BenchmarkDotNet's.
if (args is ["l2", ..]) return await Layer2Program.RunAsync(args[1..]);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
