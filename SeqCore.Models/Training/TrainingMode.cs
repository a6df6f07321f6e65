namespace SeqCore.Models;

/// <summary>
/// Switches a model between training and evaluation during a run. Parts that are frozen and were in evaluation mode before the
/// run keep that mode, because their dropout should be off. A model whose mode nobody has changed since the last run was left in
/// evaluation mode by that run, so that the next one trains the same parts.
/// </summary>
internal sealed class TrainingMode(Module model)
{
    private List<Module> resting = [];
    private bool hasRun;

    /// <summary>Begins a run: notes which parts keep their mode.</summary>
    internal void Begin()
    {
        resting = hasRun && !Parts(model).Any(m => m.IsTraining)
            ? resting.FindAll(IsFrozen)
            : [.. Resting(model)];
        hasRun = false;
        Train();
    }

    internal void Train()
    {
        model.Train();
        resting.ForEach(m => m.Evaluate());
    }

    internal void Evaluate() => model.Evaluate();

    /// <summary>Ends a run: the model is ready for use.</summary>
    internal void End()
    {
        model.Evaluate();
        hasRun = true;
    }

    private static bool IsFrozen(Module module) =>
        module.Parameters().Any() && module.Parameters().All(p => !p.RequiresGradient);

    private static IEnumerable<Module> Parts(Module module) => module.Children.SelectMany(c => Parts(c.Value)).Prepend(module);

    private static IEnumerable<Module> Resting(Module module) =>
        !module.IsTraining && IsFrozen(module)
            ? [module]
            : module.Children.SelectMany(c => Resting(c.Value));
}
