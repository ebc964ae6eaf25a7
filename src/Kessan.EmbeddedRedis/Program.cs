return await Kessan.EmbeddedRedis.EmbeddedRedisProgram.RunAsync(args);
