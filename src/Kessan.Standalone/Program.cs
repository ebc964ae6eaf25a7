return await Kessan.Standalone.StandaloneProgram.RunAsync(args);
