global using Kessan.Testing;
