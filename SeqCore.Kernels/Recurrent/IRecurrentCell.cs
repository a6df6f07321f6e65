namespace SeqCore.Kernels.Cells;

/// <summary>
/// The equations of one recurrent cell, written once over lanes: <see cref="Forward"/> and <see cref="Backward"/> (and two more
/// for a reset gate before the product) run on every width of the CPU's vectors, in a GPU's thread, and over double in tests.
/// Everything else about a layer (products, time, lengths, zoneout, threads) is common to all cells: <see
/// cref="Backend.RecurrentForward{TCell}"/>. Your own cell is a struct without fields. When it is first used, its constants and a
/// trial of one step are checked, so its equations should be the same in every step.
/// </summary>
public interface IRecurrentCell
{
    /// <summary>The name of the cell in errors, for example Lstm.</summary>
    static abstract string Name { get; }

    /// <summary>The number of gates, 1 to 4: blocks of H rows in the weights.</summary>
    static abstract int Gates { get; }

    /// <summary>
    /// The number of blocks of H floats that are saved for each step and sequence, from <see cref="Gates"/> to 4. The forward
    /// pass writes what the backward pass needs, and the backward pass overwrites the first <see cref="Gates"/> blocks with the
    /// gates' gradients.
    /// </summary>
    static abstract int Saved { get; }

    /// <summary>Whether the cell has a cell state in addition to its hidden state.</summary>
    static abstract bool HasCell { get; }

    /// <summary>
    /// The saved block after the gates that holds the hidden-side gradient of the last gate, if it differs from the input-side
    /// gradient (GRU: because of the reset gate); otherwise the last gate itself.
    /// </summary>
    static abstract int LastHiddenBlock { get; }

    /// <summary>The forget gate, whose bias layers can initialise separately; null if there is none.</summary>
    static virtual int? ForgetGate => null;

    /// <summary>Whether the previous hidden state also affects the next one outside the gates' product (GRU: z h).</summary>
    static abstract bool PassesState { get; }

    /// <summary>
    /// The saved block after the gates that the last gate's recurrent weights multiply instead of the previous hidden state, if
    /// <see cref="Reset"/> computes one (GRU with the reset gate before the product: r h); -1 if they multiply that state.
    /// </summary>
    static abstract int ResetBlock { get; }

    /// <summary>
    /// Computes and saves the <see cref="ResetBlock"/> from the other gates, before the last gate's product; only for a cell with
    /// such a block, whose steps have two products. What it saves in place of a gate is read there by <see cref="Forward"/>.
    /// </summary>
    /// <typeparam name="T">The lane: some units of one sequence.</typeparam>
    /// <typeparam name="TUnit">Where the device has the step's numbers.</typeparam>
    /// <param name="unit">Provides all gates except the last, and receives what is saved.</param>
    static virtual void Reset<T, TUnit>(ref TUnit unit)
        where T : struct, ILane<T>
        where TUnit : struct, IForwardUnit<T> =>
        throw new NotSupportedException("This cell resets nothing.");

    /// <summary>
    /// Propagates the gradient of the <see cref="ResetBlock"/>, after <see cref="Backward"/>; only for a cell with such a block.
    /// </summary>
    /// <typeparam name="T">The lane: some units of one sequence.</typeparam>
    /// <typeparam name="TUnit">Where the device has the step's numbers.</typeparam>
    /// <param name="unit">Provides the saved blocks that are not yet overwritten with gradients, and receives the
    /// gradients.</param>
    /// <param name="dReset">The gradient of the block.</param>
    static virtual void BackwardReset<T, TUnit>(ref TUnit unit, T dReset)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T> =>
        throw new NotSupportedException("This cell resets nothing.");

    /// <summary>Computes one step.</summary>
    /// <typeparam name="T">The lane: some units of one sequence.</typeparam>
    /// <typeparam name="TUnit">Where the device has the step's numbers.</typeparam>
    /// <param name="unit">Provides what the step reads, and receives what it saves and the new state.</param>
    static abstract void Forward<T, TUnit>(ref TUnit unit) where T : struct, ILane<T> where TUnit : struct, IForwardUnit<T>;

    /// <summary>Computes the gradients of one step.</summary>
    /// <typeparam name="T">The lane: some units of one sequence.</typeparam>
    /// <typeparam name="TUnit">Where the device has the step's numbers.</typeparam>
    /// <param name="unit">Provides what the forward pass saved, and receives the gradients.</param>
    /// <param name="dHidden">The gradient of the step's hidden state.</param>
    /// <param name="dCell">The gradient of the step's cell state; 0 without one.</param>
    static abstract void Backward<T, TUnit>(ref TUnit unit, T dHidden, T dCell)
        where T : struct, ILane<T>
        where TUnit : struct, IBackwardUnit<T>;
}

/// <summary>The values of one forward step of some units.</summary>
/// <typeparam name="T">The lane.</typeparam>
public interface IForwardUnit<T> where T : struct, ILane<T>
{
    /// <summary>The hidden state before the step.</summary>
    T PreviousHidden { get; }

    /// <summary>The cell state before the step.</summary>
    T PreviousCell { get; }

    /// <summary>
    /// Returns the inputs' part of a gate, W_ih x + b_ih. It may include b_hh, which <see cref="Recurrent"/> then lacks, except
    /// for a last gate whose <see cref="IRecurrentCell.LastHiddenBlock"/> is another block.
    /// </summary>
    /// <param name="gate">The gate's number, a constant.</param>
    T Input(int gate);

    /// <summary>Returns the hidden state's part of a gate, W_hh h, plus b_hh unless <see cref="Input"/> includes it.</summary>
    /// <param name="gate">The gate's number, a constant.</param>
    T Recurrent(int gate);

    /// <summary>Saves a value for the backward pass. Called after the last call of <see cref="Input"/>.</summary>
    /// <param name="block">The number of the saved block, a constant.</param>
    /// <param name="value">The value to save.</param>
    void Save(int block, T value);

    /// <summary>Sets the new cell state. Called before <see cref="SetHidden"/>.</summary>
    /// <param name="value">The new cell state c'.</param>
    void SetCell(T value);

    /// <summary>Sets the new hidden state.</summary>
    /// <param name="value">The new hidden state h'.</param>
    void SetHidden(T value);
}

/// <summary>The values of one backward step of some units.</summary>
/// <typeparam name="T">The lane.</typeparam>
public interface IBackwardUnit<T> where T : struct, ILane<T>
{
    /// <summary>The hidden state before the step; only for a cell with <see cref="IRecurrentCell.PassesState"/>.</summary>
    T PreviousHidden { get; }

    /// <summary>The cell state before the step.</summary>
    T PreviousCell { get; }

    /// <summary>Returns what the forward pass saved. It may not be called after <see cref="SetGradient"/>.</summary>
    /// <param name="block">The number of the saved block, a constant.</param>
    T Saved(int block);

    /// <summary>Sets the gradient of a gate's sum W_ih x + b_ih + W_hh h + b_hh; once for each gate.</summary>
    /// <param name="block">The gate's number, or <see cref="IRecurrentCell.LastHiddenBlock"/>; a constant.</param>
    /// <param name="value">The gradient.</param>
    void SetGradient(int block, T value);

    /// <summary>Sets the gradient of the previous cell state.</summary>
    /// <param name="value">The gradient.</param>
    void SetPreviousCellGradient(T value);

    /// <summary>
    /// Sets the part of the previous hidden state's gradient that bypasses the gates; only for a cell with
    /// <see cref="IRecurrentCell.PassesState"/>.
    /// </summary>
    /// <param name="value">The gradient.</param>
    void SetPreviousHiddenGradient(T value);

    /// <summary>Adds to the gradient that <see cref="SetPreviousHiddenGradient"/> set.</summary>
    /// <param name="value">The gradient.</param>
    void AddPreviousHiddenGradient(T value);
}
