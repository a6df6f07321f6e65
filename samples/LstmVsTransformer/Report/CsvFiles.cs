using System.Globalization;
using System.Text;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The figures as CSV, one line for each point, for those who want to plot them in other ways.</summary>
internal static class CsvFiles
{
    /// <summary>Writes a file for each part that was measured.</summary>
    internal static void Write(string folder, Study study)
    {
        if (study.Speed?.Result is { } speed)
        {
            Save(folder, "speed", "what,model,length,seconds",
                [.. Lines("whole", speed.Whole), .. Lines("training", speed.Training), .. Lines("token", speed.Tokens)]);
        }

        if (study.Memory?.Result is { } memory)
        {
            Save(folder, "memory", "what,model,length,bytes", [.. Lines("inference", memory.Inference),
                .. Lines("training", memory.Training), .. Lines("state", memory.State)]);
        }

        if (study.Recall?.Result is { } recall)
        {
            Save(folder, "recall", "task,model,length,learning_rate,seed,parameters,step,loss,accuracy",
                from run in recall.Runs
                from p in run.Points
                select Line(run.Group == TaskKind.Positions ? run.Task + " (positions)" : run.Task, run.Model.Name(), run.Length,
                    run.LearningRate, run.Seed, run.Parameters, p.Step, p.Loss, p.Accuracy));
        }

        if (study.Gradients?.Result is { } gradients)
        {
            Save(folder, "gradients", "model,distance,median,least,greatest",
                from flow in gradients.Flows
                from d in Enumerable.Range(0, flow.Median.Count)
                select Line(flow.Model.Name(), d, flow.Median[d], flow.Least[d], flow.Most[d]));
        }
    }

    private static IEnumerable<string> Lines(string what, IEnumerable<Curve> curves) =>
        from curve in curves from p in curve.Points select Line(what, curve.Model.Name(), p.X, p.Y);

    // Names hold commas ("LSTM, forget bias 1"), so texts are quoted.
    private static string Line(params object[] cells) => string.Join(',', cells.Select(c => c switch
    {
        string text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        float number => number.ToString("g6", CultureInfo.InvariantCulture),
        double number => number.ToString("g6", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => c.ToString(),
    }));

    private static void Save(string folder, string name, string head, IEnumerable<string> lines) =>
        AtomicFile.WriteText(Path.Combine(folder, name + ".csv"),
            new StringBuilder(head).Append('\n').AppendJoin('\n', lines).Append('\n').ToString());
}
