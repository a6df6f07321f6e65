using SeqCore.Samples.LstmVsTransformer.Measuring;

namespace SeqCore.Samples.LstmVsTransformer.Results;

/// <summary>Times of models of equal parameter count, in seconds.</summary>
/// <param name="Models">Sizes.</param>
/// <param name="Window">Steps that the sliding window sees.</param>
/// <param name="Whole">Inference of whole sequences of one text, by length.</param>
/// <param name="Training">Forward and backward, by length.</param>
/// <param name="Tokens">One token, by its position.</param>
/// <param name="Cores">The same sequence on one thread and on all.</param>
internal sealed record SpeedResult(
    IReadOnlyList<ModelSize> Models, int Window, IReadOnlyList<Curve> Whole, IReadOnlyList<Curve> Training,
    IReadOnlyList<Curve> Tokens, CoreGains Cores);

/// <summary>How large a model is.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Units">H, or D.</param>
/// <param name="Parameters">Trained values.</param>
internal sealed record ModelSize(string Model, int Units, long Parameters);

/// <summary>What more threads bring.</summary>
/// <param name="Length">T of the sequence.</param>
/// <param name="Threads">All of them.</param>
/// <param name="Gains">Time on one thread divided by time on all.</param>
internal sealed record CoreGains(int Length, int Threads, IReadOnlyList<Gain> Gains);

/// <summary>What more threads bring to one model.</summary>
internal sealed record Gain(string Model, double Factor);
