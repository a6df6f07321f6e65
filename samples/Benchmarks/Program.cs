return SeqCore.Benchmarks.BenchmarkProgram.Run(args, Console.Out, Console.Error);
