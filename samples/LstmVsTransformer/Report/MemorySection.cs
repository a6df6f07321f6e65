using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The chapter about memory.</summary>
internal static class MemorySection
{
    /// <summary>The titles of the charts.</summary>
    internal const string Inference = "Peak in inference";
    internal const string Training = "Peak in training";
    internal const string State = "State of a stream";

    internal static Section Build(Part<MemoryResult> part)
    {
        var result = part.Result;
        var section = new Section("Memory");
        section.Text("The models are the same. The peak is what a backend that does nothing else took from the system for one"
            + " sequence, beyond the parameters; training adds the activations of its tape and "
            + "the gradients. Bytes for each position are what each one adds between the two longest lengths."
            + " The state is what a stream holds after n tokens; caches grow by doubling. "
            + "Where the T x T matrices would take more than a third of the memory, they are left out.");
        Show(Inference, "Inference", result.Inference);
        Show(Training, "Training", result.Training);
        Show(State, "Token by token", result.State);
        return section;

        void Show(string title, string name, IReadOnlyList<Curve> curves)
        {
            section.Add(CurveCharts.Draw(title, "length of the sequence", "megabytes", 1e6, curves),
                $"{title}, in megabytes of a million bytes.{CurveCharts.Hidden(curves)}");
            section.Add(CurveCharts.Tabulate($"{title}, by length", curves, Figures.Bytes, "bytes"));
            section.Add(PerPosition($"{name}: bytes for each position", curves));
        }
    }

    private static Table PerPosition(string title, IReadOnlyList<Curve> curves) =>
        new(title, ["model", "between", "each position adds"], [
            .. from curve in curves
               where curve.Points.Count > 1
               let a = curve.Points[^2]
               let b = curve.Points[^1]
               select (IReadOnlyList<Cell>)[curve.Model.Name(), $"{Show.Count(a.X)} and {Show.Count(b.X)}",
                   Cell.Of((b.Y - a.Y) / (b.X - a.X), Figures.Bytes)],
        ])
        {
            Unit = "bytes",
        };
}
