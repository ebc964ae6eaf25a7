namespace Kessan.Testing.Simulation;

/// <summary>What becomes of a message on its way to a node.</summary>
public enum MessageFate
{
    /// <summary>It arrives.</summary>
    Deliver,

    /// <summary>It is lost.</summary>
    Lose,

    /// <summary>It arrives twice.</summary>
    Repeat,

    /// <summary>It waits for <see cref="SimulatedStore.DeliverHeld"/>.</summary>
    Hold,
}
