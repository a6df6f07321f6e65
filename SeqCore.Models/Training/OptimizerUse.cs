namespace SeqCore.Models;

/// <summary>
/// The use of an optimizer by one run. When the run ends, the optimizer gets back the learning rate that the schedule multiplied,
/// so that the next run does not take the last product as its base.
/// </summary>
internal sealed class OptimizerUse : IDisposable
{
    private static readonly HashSet<Optimizer> inUse = new(ReferenceEqualityComparer.Instance);
    private readonly Optimizer optimizer;
    private readonly float learningRate;

    /// <summary>Begins a run.</summary>
    /// <param name="optimizer">The optimizer that changes the weights.</param>
    /// <param name="learningRate">The learning rate that the optimizer gets back at the end.</param>
    /// <exception cref="InvalidOperationException">Another run is using the optimizer.</exception>
    internal OptimizerUse(Optimizer optimizer, float learningRate)
    {
        (this.optimizer, this.learningRate) = (optimizer, learningRate);
        lock (inUse)
        {
            if (!inUse.Add(optimizer))
            {
                throw new InvalidOperationException("Trainer.Run: another trainer that runs is using this optimizer. Hint: give"
                    + " each trainer its own optimizer, or run one after the other.");
            }
        }
    }

    /// <summary>Requires that an optimizer has only parameters of a model.</summary>
    /// <exception cref="ArgumentException">The optimizer has other parameters, which a checkpoint would not hold.</exception>
    internal static void RequireOf(Module model, Optimizer optimizer)
    {
        var own = new HashSet<Parameter>(model.Parameters(), ReferenceEqualityComparer.Instance);
        var all = optimizer.Groups.Sum(g => g.Parameters.Count);
        var foreign = optimizer.Groups.SelectMany(g => g.Parameters).Where(p => !own.Contains(p)).ToList();
        if (foreign.Count > 0)
        {
            throw new ArgumentException($"Trainer: {foreign.Count} of the optimizer's {all} parameters do not belong to the model"
                + $" {model.Kind}, the first of shape {foreign[0].Shape}; no checkpoint would hold them. Hint: give the optimizer"
                + " parameters of task.Model; register each layer in the constructor of the module that holds it; or make one"
                + " module of all that is trained, such as a ModuleList.",
                nameof(optimizer));
        }
    }

    /// <summary>
    /// Requires that a loss depends on no parameter that nothing trains because the model does not have it. One that has another
    /// optimizer, such as the other network of a GAN, is trained elsewhere.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is such a parameter.</exception>
    internal static void RequireRegistered(Module model, IReadOnlyCollection<Parameter> own, Tape tape)
    {
        var known = new HashSet<Parameter>(own, ReferenceEqualityComparer.Instance);
        var others = tape.ReachedLeaves.OfType<Parameter>().Where(p => !p.HasOptimizer && !known.Contains(p)).ToList();
        if (others.Count == 0)
            return;
        var first = others[0].Owner is { } owner ? $"{owner.Module.Kind}'s '{owner.Name}'" : "one that no module registered";
        var more = others.Count > 1 ? $" and {others.Count - 1} more" : "";
        throw new InvalidOperationException($"Trainer.Run: the loss depends on parameters that the model {model.Kind} does not"
            + $" have: {first}, of shape {others[0].Shape}{more}. They would be neither trained nor saved. Hint: register each"
            + " layer in the constructor of the module that holds it, as in layer = Register(\"layer\", new Linear(...)); if they"
            + " are not to be trained, call Freeze() of their module.");
    }

    /// <summary>
    /// Requires that a loss used no module in training mode that the model does not have, since the model's mode would not reach
    /// it. A part of another model that has an optimizer of its own is switched elsewhere.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is such a module.</exception>
    internal static void RequireRegistered(Module model, TrainingWatch watch)
    {
        var known = new HashSet<Module>(Parts(model), ReferenceEqualityComparer.Instance);
        var others = watch.Seen.Where(m => !known.Contains(m) && !Root(m).Parameters().Any(p => p.HasOptimizer)).ToList();
        if (others.Count == 0)
            return;
        var owner = Root(others[0]) is var root && root != others[0] ? $", a part of {root.Kind}" : "";
        var more = others.Count > 1 ? $" and {others.Count - 1} more" : "";
        throw new InvalidOperationException($"Trainer.Run: the loss uses modules in training mode that the model {model.Kind}"
            + $" does not have: {others[0].Kind}{owner}{more}. Evaluate() of the model would not switch their dropout"
            + " or other randomness off. Hint: register each in the constructor of the module that holds it, as in dropout ="
            + " Register(\"dropout\", new Dropout(...)); if they belong to another model that is not trained, call its Evaluate()"
            + " before.");

        static Module Root(Module module) => module.Parent is { } parent ? Root(parent) : module;

        static IEnumerable<Module> Parts(Module module) => module.Children.SelectMany(c => Parts(c.Value)).Prepend(module);
    }

    /// <summary>
    /// Requires that the losses of a step depended on every parameter that the optimizer trains: an operation that cuts the graph
    /// would leave some as they are, without a sign.
    /// </summary>
    /// <exception cref="InvalidOperationException">A parameter got no gradient.</exception>
    internal static void RequireReached(Module model, IReadOnlyCollection<Parameter> trained, HashSet<Variable> reached)
    {
        var left = trained.Where(p => p.RequiresGradient && !reached.Contains(p) && p.Gradient is null)
            .ToHashSet<Parameter>(ReferenceEqualityComparer.Instance);
        if (left.Count == 0)
            return;
        var names = model.NamedParameters().Where(p => left.Contains(p.Value)).Select(p => p.Key).ToList();
        const int Shown = 5;
        var more = names.Count > Shown ? $" and {names.Count - Shown} more" : "";
        var shown = string.Join(", ", names.Take(Shown));
        throw new InvalidOperationException($"Trainer.Run: the loss does not depend on {shown}{more} of {model.Kind}, so"
            + " nothing would train them. Hint: .Value and Detach() in the middle of a model cut the graph; Freeze() what should"
            + " not be trained, or leave it out of the optimizer; set"
            + $" {nameof(TrainerOptions)}.{nameof(TrainerOptions.AllowUnreachedParameters)} where losses take turns.");
    }

    /// <summary>Requires that there is something to train.</summary>
    /// <exception cref="InvalidOperationException">Every parameter of the optimizer is frozen.</exception>
    internal static void RequireTrainable(Module model, Optimizer optimizer)
    {
        if (optimizer.Groups.SelectMany(g => g.Parameters).Any(p => p.RequiresGradient))
            return;
        var whose = model.Parameters().Any(p => p.RequiresGradient) ? "optimizer" : "model";
        throw new InvalidOperationException(
            $"Trainer.Run: every parameter of the {whose} is frozen, so there is nothing to train. Hint: call Unfreeze.");
    }

    public void Dispose()
    {
        optimizer.LearningRate = learningRate;
        lock (inUse)
            inUse.Remove(optimizer);
    }
}
