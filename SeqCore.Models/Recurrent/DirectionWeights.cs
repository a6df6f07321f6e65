namespace SeqCore.Models;

/// <summary>Parameters of one layer in one direction; G is 4 (LSTM), 3 (GRU) or 1 (RNN).</summary>
/// <param name="WeightIh">Shape (G H, I).</param>
/// <param name="WeightHh">Shape (G H, H).</param>
/// <param name="BiasIh">Shape (G H,), or null.</param>
/// <param name="BiasHh">Shape (G H,), or null.</param>
public sealed record DirectionWeights(Parameter WeightIh, Parameter WeightHh, Parameter? BiasIh, Parameter? BiasHh);
