namespace SeqCore.Samples.LstmVsTransformer.Results;

/// <summary>What becomes of gradients on their way back.</summary>
/// <param name="Steps">T</param>
/// <param name="Sequences">Averaged over.</param>
/// <param name="Seeds">Models of each kind.</param>
/// <param name="Flows">Each model before training.</param>
/// <param name="Clips">What clipping does.</param>
internal sealed record GradientResult(int Steps, int Sequences, int Seeds, IReadOnlyList<Flow> Flows, IReadOnlyList<Clip> Clips);

/// <summary>The norm of d loss / d x_t by the distance of t from the last step, where the loss is read.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Median">
/// Over the seeds; of each seed, the geometric mean over its sequences, divided by that at distance 0.
/// </param>
/// <param name="Least">Least of the seeds.</param>
/// <param name="Most">Greatest of the seeds.</param>
internal sealed record Flow(string Model, IReadOnlyList<double> Median, IReadOnlyList<double> Least, IReadOnlyList<double> Most);

/// <summary>The norm of the gradient of all parameters together.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Length">T</param>
/// <param name="Norm">Before clipping: median over the seeds.</param>
/// <param name="Clipped">After clipping to a norm of 1.</param>
internal sealed record Clip(string Model, int Length, double Norm, double Clipped);
