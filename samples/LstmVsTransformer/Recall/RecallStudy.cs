using System.Collections.Concurrent;
using SeqCore.Kernels;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Recall;

/// <summary>Runs all trainings, as many side by side as there are threads, each on one thread: results do not depend on it.</summary>
internal static class RecallStudy
{
    /// <summary>Trains everything.</summary>
    /// <param name="form">What is trained.</param>
    /// <param name="seed">Of the study.</param>
    /// <param name="threads">Trainings side by side.</param>
    /// <param name="progress">Told what is done.</param>
    /// <param name="cancellation">Asks to stop.</param>
    internal static RecallResult Run(RecallForm form, ulong seed, int threads, Progress progress, CancellationToken cancellation)
    {
        var trainings = (
            from experiment in form.Experiments
            from contender in experiment.Contenders(form.Transformer)
            from rate in form.LearningRates
            from index in Enumerable.Range(0, form.Seeds)
            select new Training(form, experiment, contender, rate, index, seed)).ToArray();
        var runs = new TrainingRun[trainings.Length];
        var order = Enumerable.Range(0, trainings.Length).OrderByDescending(i => trainings[i].Cost).ToArray();
        using var backend = new CpuBackend(1);
        var before = Backend.Default;
        Backend.Default = backend;
        try
        {
            Parallel.ForEach(
                Partitioner.Create(order, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
                i =>
                {
                    runs[i] = trainings[i].Run(cancellation);
                    progress.Done($"{runs[i].Model}, {runs[i].Task}, {runs[i].Length} steps", trainings.Length);
                });
        }
        finally
        {
            Backend.Default = before;
        }

        return new RecallResult(new LearningSettings(form.Batch, form.LearningRates, form.Clip, form.Every, form.Learned, form.Seeds), runs);
    }
}
