namespace SeqCore.Models;

/// <summary>
/// Switches a model between training and evaluation during a run. Parts that are frozen and were in evaluation mode before the
/// run keep that mode, because their dropout should be off.
/// </summary>
internal sealed class TrainingMode(Module model)
{
    private readonly List<Module> resting = [.. Resting(model)];

    internal void Train()
    {
        model.Train();
        resting.ForEach(m => m.Evaluate());
    }

    internal void Evaluate() => model.Evaluate();

    private static IEnumerable<Module> Resting(Module module) =>
        !module.IsTraining && module.Parameters().Any() && module.Parameters().All(p => !p.RequiresGradient)
            ? [module]
            : module.Children.SelectMany(c => Resting(c.Value));
}
